"""Pages and API on Starlette. They call the host and the desk, and decide nothing."""

"""Quality: how well the desk understands, as figures. Sets of gold, measuring, cross-validation, pictures, the card."""

// The findings are being looked for: the page comes again by itself when it may be done.
// Loaded by templates/training/findings.html while they are.

const AGAIN_MS = 2500;

window.setTimeout(() => window.location.reload(), AGAIN_MS);

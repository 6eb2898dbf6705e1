// The print button of a form. Loaded by templates/review/sheet.html; without it the browser's own menu prints.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());

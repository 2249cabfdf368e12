/* The page that a reprint leads to opens the print dialog by itself. */
window.addEventListener("load", () => window.print());

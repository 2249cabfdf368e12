/* 1004: the cursor stands in the number field; the type above it is one Shift+Enter away. */
(function () {
  "use strict";
  if (document.querySelector("[data-errors]")) return;
  const number = document.querySelector("[data-lookup] [name=document_number]");
  if (number) number.focus();
})();

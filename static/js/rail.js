/* The spine may be longer than the window: the place where one is stands in sight. */
(function () {
  "use strict";
  const rail = document.getElementById("rail");
  const here = rail && rail.querySelector('[aria-current="page"]');
  if (!here || rail.scrollHeight <= rail.clientHeight) return;
  const below = here.offsetTop + here.offsetHeight - rail.clientHeight;
  if (below > 0) rail.scrollTop = below + here.offsetHeight;
})();

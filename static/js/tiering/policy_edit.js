/* A limit that two tiers share moves in both: what was the same before stays the same, and belongs to one of the two. */
(function () {
  "use strict";
  const TIERS = ["private_wealth", "wealth_management", "branch_lead", "branch_staff"];
  const control = (tier, name) => document.getElementById(`id_${tier}_${name}`);
  const flipped = { true: "false", false: "true" };

  TIERS.slice(1).forEach((lower, place) => {
    const floor = control(TIERS[place], "floor");
    const ceiling = control(lower, "ceiling");
    const floorSign = control(TIERS[place], "floor_inclusive");
    const ceilingSign = control(lower, "ceiling_inclusive");
    if (!floor || !ceiling) return;
    follow(floor, ceiling, (value) => value);
    follow(floorSign, ceilingSign, (value) => flipped[value]);
  });

  /* F9 sends without leaving the field: what was typed there counts as changed before it goes. */
  document.getElementById("draft")?.addEventListener("submit", () => document.activeElement?.blur());

  /* Only where both said the same until now: two ends set apart on purpose are left alone. */
  function follow(one, other, of) {
    let before = one.value;
    let answer = other.value;
    one.addEventListener("change", () => {
      if (other.value === of(before)) other.value = of(one.value);
      before = one.value;
      answer = other.value;
    });
    other.addEventListener("change", () => {
      if (answer === of(one.value)) one.value = of(other.value);
      before = one.value;
      answer = other.value;
    });
  }
})();

// Looks at everything that the Tab key reaches: its order beside the order of reading, its focus mark, its size.
() => {
  const trouble = [];
  const name = (one) => `${one.tagName.toLowerCase()} "${(one.innerText || one.value || one.getAttribute("aria-label") || one.id || "").trim().slice(0, 40)}"`;
  const candidates = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")];
  const reached = candidates.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length);
  for (const one of candidates) if (one.tabIndex > 0) trouble.push(`${name(one)} jumps the queue by tabindex`);
  const place = (one) => {  // on the page, not in the window: a focus may scroll
    const box = one.getBoundingClientRect();
    return {top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right, width: box.width, height: box.height};
  };
  let before = null;
  for (const one of reached) {
    if (one.matches(".skip")) continue;
    const box = place(one);
    if (before) {
      const upwards = box.bottom <= before.box.top + 1 && box.left < before.box.right - 1;
      const backwards = box.right <= before.box.left + 1 && Math.abs(box.top - before.box.top) < 12;
      if (upwards || backwards) trouble.push(`${name(one)} comes after ${name(before.one)} and stands before it`);
    }
    before = {one, box};
    one.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== one) { trouble.push(`${name(one)} takes no focus`); continue; }
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const haloed = style.boxShadow !== "none";
    if (!outlined && !haloed) trouble.push(`${name(one)} shows no focus`);
    const inText = style.display === "inline" && one.tagName === "A";
    const height = one.matches("[type=checkbox], [type=radio]") && one.closest("label") ? one.closest("label").getBoundingClientRect().height : box.height;
    if (!inText && (height < 23.5 || box.width < 23.5)) trouble.push(`${name(one)} is ${Math.round(box.width)} × ${Math.round(height)} px`);
  }
  document.activeElement.blur();
  return trouble;
}

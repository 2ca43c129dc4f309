// Says what sticks out of the window sideways, and which text is cut off. With true, sets the text spacing of WCAG 1.4.12 before.
(spaced) => {
  if (spaced) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [sheet];
  }
  const trouble = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    for (const one of document.querySelectorAll("body *")) {
      const box = one.getBoundingClientRect();
      if (box.right > width + 1 && box.width > 1 && !one.closest(".hidden, .sprite, thead, .scroll")) trouble.push(`${one.tagName.toLowerCase()}.${one.className} reaches ${Math.round(box.right)} px`);
    }
    if (!trouble.length) trouble.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  }
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest(".hidden, .sprite, svg, thead, caption") || !one.checkVisibility()) continue;
    const style = getComputedStyle(one);
    if (style.clipPath === "none" && style.overflowY === "hidden" && one.scrollHeight > one.clientHeight + 2 && one.clientHeight > 0) trouble.push(`${one.tagName.toLowerCase()}.${one.className} cuts its text off`);
  }
  document.adoptedStyleSheets = [];
  return trouble.slice(0, 5);
}

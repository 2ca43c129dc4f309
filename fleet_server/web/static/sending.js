// Says that a form whose answer takes a while is under way, and keeps it from being sent twice. Without this the browser
// itself shows that the page loads.
"use strict";
(() => {
  function show(mark, isSending) {
    mark.textContent = isSending ? mark.dataset.sending : "";
    mark.closest("form").querySelector("button[type=submit]").disabled = isSending;
  }

  for (const mark of document.querySelectorAll("form [data-sending]")) {
    mark.closest("form").addEventListener("submit", () => show(mark, true));
    // Whoever comes back to the page by the browser's arrow finds the form as it was.
    window.addEventListener("pageshow", () => show(mark, false));
  }
})();

// Keeps the page's live region up to date without a reload.
// The server says over an event stream *that* something changed; the region is then fetched again
// and htmx morphs it in place, so that focus, selection and scroll position stay where they are.
"use strict";
(() => {
  const SPACING_MS = 400; // between two refreshes, so that a busy hour doesn't flicker; large pages ask for more
  const REFRESH_MS = 30000; // states also change by time alone: a terminal that falls silent
  const POLL_MS = 5000; // where the page may hold no stream, as on a wall screen that nobody signed in to
  const RETRY_MS = 5000; // after the server refused a stream; dropped ones the browser retries

  const mark = document.getElementById("freshness");
  const region = () => document.getElementById("live");
  if (!mark || !region()) return;

  const polls = !mark.dataset.stream;

  let stream = null;
  let retry = null;
  let due = null;
  let busy = false;
  let last = -Infinity;
  let position = region().dataset.position;

  const show = (state) => { mark.dataset.state = state; };

  async function refresh() {
    due = null;
    if (busy) return schedule();
    busy = true;
    last = performance.now();
    try {
      const answer = await fetch(location.href, {headers: {"X-Live": "1"}, redirect: "manual"});
      if (answer.status === 401 || answer.status === 403) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const target = region();
      await htmx.swap({
        sourceElement: target, target, text: await answer.text(),
        select: "#live", swap: "outerMorph",
      });
      if (polls || (stream && stream.readyState === EventSource.OPEN)) show("live");
    } catch {
      show("lost");
    } finally {
      busy = false;
    }
  }

  function schedule() {
    if (due !== null || document.hidden) return;
    const spacing = Number(region().dataset.spacing || SPACING_MS);
    due = setTimeout(refresh, Math.max(0, spacing - (performance.now() - last)));
  }

  function connect() {
    clearTimeout(retry);
    if (polls) return;
    const address = new URL(mark.dataset.stream, location.href);
    address.searchParams.set("since", position);
    stream = new EventSource(address);
    stream.addEventListener("open", () => show("live"));
    stream.addEventListener("change", (event) => {
      position = event.lastEventId;
      schedule();
    });
    stream.addEventListener("error", () => {
      show("lost");
      if (stream && stream.readyState === EventSource.CLOSED) {
        disconnect();
        retry = setTimeout(connect, RETRY_MS);
        schedule();
      }
    });
  }

  function disconnect() {
    clearTimeout(retry);
    if (stream) stream.close();
    stream = null;
  }

  // A tab that nobody sees holds no stream; it catches up when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    disconnect();
    if (!document.hidden) {
      connect();
      schedule();
    }
  });
  window.addEventListener("pagehide", disconnect);
  setInterval(schedule, polls ? POLL_MS : REFRESH_MS);
  connect();
  if (polls) schedule();
})();

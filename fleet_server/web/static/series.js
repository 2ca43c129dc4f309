// Lets a person zoom into the lines of a page. The lines drawn by the server stay as they are: without this script, and
// on paper, nothing is missing. uPlot only draws; the numbers come from our own address.
"use strict";
(() => {
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function options(labels, width) {
    const percent = (_plot, value) => (value === null || value === undefined ? "–" : `${value.toFixed(1)}%`);
    const axis = {stroke: ink("--quiet"), grid: {stroke: ink("--line"), width: 1}, ticks: {stroke: ink("--line"), width: 1}};
    const share = (label, dash, width_) => ({label, stroke: ink("--accent"), width: width_, dash, value: percent, spanGaps: false});
    const target = (label) => ({label, stroke: ink("--mark"), width: 1, dash: [2, 4], value: percent, points: {show: false}});
    return {
      width,
      height: 260,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      scales: {y: {range: [0, 100]}},
      axes: [{...axis, values: (_plot, at) => at.map((one) => new Date(one * 1000).toISOString().slice(0, 10).split("-").reverse().slice(0, 2).join("/"))}, {...axis, values: (_plot, levels) => levels.map((one) => `${one}%`)}],
      series: [{value: (_plot, at) => (at ? new Date(at * 1000).toISOString().slice(0, 10) : "–")}, share(labels[0], [], 2), share(labels[1], [7, 4], 2), target(`▸ ${labels[0]}`), target(`▸ ${labels[1]}`)],
    };
  }

  async function draw(place) {
    const answer = await fetch(place.dataset.series);
    if (!answer.ok) throw new Error(String(answer.status));
    const held = await answer.json();
    const columns = [held.at, held.participation, held.satisfaction, held.participation_target, held.satisfaction_target];
    const box = place.querySelector(".plot");
    box.replaceChildren();
    new uPlot(options(place.dataset.labels.split("|"), Math.min(box.clientWidth || 720, 960)), columns, box);
  }

  for (const place of document.querySelectorAll("[data-series]")) {
    const button = place.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.hidden = true;
      try {
        await draw(place);
        place.querySelector(".note").hidden = false;
      } catch {
        button.hidden = false;
      }
    });
  }
})();

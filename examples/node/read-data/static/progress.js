// Keeps the page of a reading up to date. Without JavaScript the page loads itself anew instead.

const bar = document.querySelector("progress");
const text = document.querySelector("#progress-text");

setInterval(async () => {
  const progress = await (await fetch("/progress")).json();
  if (progress.ended) return location.reload();
  text.textContent = progress.text;
  if (progress.filesKnown > 0) Object.assign(bar, { max: progress.filesKnown, value: progress.filesDone });
}, 500);

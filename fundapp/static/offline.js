/* The page that switches writing without a line on, for this phone alone. */
const worker = navigator.serviceWorker, [off, on] = document.querySelectorAll("[data-offline]");
(worker.controller ? on : off).hidden = false;
off.onclick = () => {
  worker.oncontrollerchange = () => location.reload();
  worker.register("/sw.js");
};

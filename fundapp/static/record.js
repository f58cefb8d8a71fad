const form = document.forms.media, words = form.dataset, player = form.querySelector("video"), { file, kind, go, hold, drop, send, say, clock } = form;
let recorder = 0, left, worker = navigator.serviceWorker;

const show = (word) => {
  say.value = words[word];
  go.textContent = words[recorder ? "stop" : "start"];
  send.hidden = recorder;
  hold.hidden = !recorder;
  drop.hidden = player.hidden = !file.value;
};

go.onclick = async () => {
  if (recorder) return recorder.stop();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind.value != "voice" });
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 16e3, videoBitsPerSecond: 3e5 });
    recorder.ondataavailable = ({ data }) => {
      const bag = new DataTransfer();
      bag.items.add(new File([data], words.recording, data));
      file.files = bag.files;
      player.src = URL.createObjectURL(data);
      stream.getTracks().forEach((track) => track.stop());
      recorder = 0;
      show("stopped");
    };
    file.value = "";
    left = words.seconds;
    recorder.start();
    show(recorder.state);
  } catch {
    show("blocked");
  }
};

hold.onclick = () => {
  recorder[recorder.state == "paused" ? "resume" : "pause"]();
  show(recorder.state);
};

drop.onclick = () => {
  file.value = clock.value = "";
  show("dropped");
};

setInterval(() => {
  if (recorder.state == "recording") clock.value = --left > 0 ? new Date(left * 1e3).toJSON().slice(14, 19) : words.over;
}, 1e3);

send.onclick = async (event) => {
  const blob = file.files[0], body = new FormData(form);
  if (!blob || !words.pieces) return;
  event.preventDefault();
  // Sent whole or in pieces, now or by the phone when there is a line (sw.js): the same recording, once.
  form.once.value = blob.lastModified + "-" + blob.size;
  for (let at = 0; at < blob.size;) {
    body.set("file", blob.slice(at, at + 65000));
    say.value = words.sending;
    try {
      const found = await (await fetch(`${words.pieces}?size=${blob.size}&once=${blob.lastModified}&at=${at}`, { method: "POST", body })).json();
      if (found.error) return say.value = found.error;
      at = found.at;
      clock.value = found.part;
    } catch {
      if (!navigator.onLine && worker && worker.controller) return form.submit();
      say.value = words.lost;
      await new Promise((go) => setTimeout(go, 3e3));
    }
  }
  location = "";
};

go.parentNode.hidden = !self.MediaRecorder;

/* Only where somebody has switched it on for their own phone (web/offline.py). Pages of a draft are kept for reading,
   and what is sent without a line waits here, until it is sent, the application is sent, or somebody leaves. */
const pass = async (request) => {
  const { method, url } = request, copy = request.clone(), kept = await caches.open("kept");
  try {
    const reply = await fetch(request);
    if (reply.headers.has("X-Offline")) kept.put(url, reply.clone());
    return reply;
  } catch {
    if (method === "GET") return kept.match(url);
    const form = await copy.formData();
    form.set("to", url);
    form.set("was", form.get("csrf_token")); // says whose it is when it is sent
    // A text of the same page takes the place of the one before; one recording may answer two questions.
    await kept.put("/waiting/" + form.get("once") + (form.has("file") && url), new Response(form));
    return Response.redirect(new URL("#waits", url));
  }
};

const send = async (token) => {
  const kept = await caches.open("kept");
  for (const item of await kept.keys()) {
    if (!/waiting/.test(item.url)) continue;
    const body = await (await kept.match(item)).formData(), to = body.get("to");
    body.set("csrf_token", token);
    if ((await fetch(to, { method: "POST", body, referrer: to })).ok) kept.delete(item);
  }
};

onactivate = (event) => event.waitUntil(clients.claim());
onmessage = (event) => event.waitUntil(send(event.data));
onfetch = (event) => {
  const { request } = event, { mode, url } = request;
  if (/\/(leave|sign-out|receipt)$/.test(url)) event.waitUntil(caches.delete("kept"));
  else if (/autosave$/.test(url) || (mode === "navigate" && /applications/.test(url))) event.respondWith(pass(request));
};

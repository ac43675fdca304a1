// Browsers start no worker from a page that was opened from disk: there the search runs in a frame of the page instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.body.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      inside.importScripts = (...addresses) => Promise.all(addresses.map((a) => this.load(inside, a)));
      this.inside = inside;
      this.ready = this.load(inside, address);
    }
    load(inside, address) {
      return new Promise((done, failed) => {
        const script = Object.assign(inside.document.createElement("script"), { src: address, onload: done, onerror: failed });
        inside.document.head.append(script);
      });
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data })));
    }
    terminate() {}
  };
}

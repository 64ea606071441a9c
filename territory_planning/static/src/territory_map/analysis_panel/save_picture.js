import {downloadFile} from "@web/core/network/download";

/** Save a drawing that is on the page as a picture, in a white frame. */
export function savePicture(svg, name) {
    const copy = svg.cloneNode(true);
    const frame = document.createElementNS(svg.namespaceURI, "rect");
    frame.setAttribute("width", "100%");
    frame.setAttribute("height", "100%");
    frame.setAttribute("fill", "#FFFFFF");
    copy.prepend(frame);
    const text = new XMLSerializer().serializeToString(copy);
    downloadFile(text, `${name}.svg`, "image/svg+xml");
}

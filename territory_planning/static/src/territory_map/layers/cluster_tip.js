/** So many colours are named; more is for the legend. */
const NAMED = 4;
/** A finger rests that long to ask what is in a cluster, in ms. */
const LONG_PRESS = 500;

/**
 * Let a cluster's button say what is in it: to a mouse over it, to the keyboard's focus,
 * to a finger that rests on it, and to a screen reader.
 *
 * @param {HTMLElement} button
 * @param {() => string[]} describe lines of text, first how many
 */
export function addTip(button, describe) {
    let tip = null;
    let timer = null;
    const show = () => {
        if (tip) {
            return;
        }
        const lines = describe();
        tip = document.createElement("div");
        tip.className = "o_territory_cluster_tip";
        tip.setAttribute("aria-hidden", "true");
        for (const line of lines) {
            const part = document.createElement("div");
            part.textContent = line;
            tip.append(part);
        }
        button.setAttribute("aria-description", lines.slice(1).join(", "));
        button.after(tip);
    };
    const hide = () => {
        clearTimeout(timer);
        tip?.remove();
        tip = null;
    };
    let pressed = false;
    button.addEventListener("pointerenter", (ev) => {
        if (ev.pointerType === "mouse") {
            show();
        }
    });
    button.addEventListener("focus", show);
    button.addEventListener("blur", hide);
    button.addEventListener("pointerleave", hide);
    button.addEventListener("pointerdown", (ev) => {
        pressed = false;
        if (ev.pointerType !== "mouse") {
            timer = setTimeout(() => {
                pressed = true;
                show();
            }, LONG_PRESS);
        }
    });
    button.addEventListener("pointerup", () => clearTimeout(timer));
    button.addEventListener("contextmenu", (ev) => ev.preventDefault());
    // Who asked what is in it did not ask to go there.
    button.addEventListener(
        "click",
        (ev) => {
            if (pressed) {
                pressed = false;
                ev.stopPropagation();
            }
        },
        true
    );
}

/**
 * @param {Object} cluster
 * @param {number[][]} mix [slot, count] pairs
 * @param {Object[]} slots of the colouring
 */
export function mixLines(mix, slots) {
    const largest = [...mix].sort((a, b) => b[1] - a[1]);
    return largest
        .slice(0, NAMED)
        .map(([slot, count]) => `${slots[slot].label}: ${count}`);
}

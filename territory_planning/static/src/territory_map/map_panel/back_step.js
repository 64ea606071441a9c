import {onWillUnmount, useEffect} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";

const CAPTURE = {capture: true};

/**
 * While something is open, the browser's Back button (or a phone's gesture) undoes a
 * step instead of leaving the page.
 *
 * It works with one entry of the browser's history that has the same address as the
 * page's. Odoo's router must not hear of going back from it, or it would load the
 * page's action anew: hence the capturing listener that stops the event.
 *
 * @param {() => boolean} isOpen
 * @param {() => void} onBack undo one step
 */
export function useBackStep(isOpen, onBack) {
    const {history, location} = browser;
    let alive = true;
    // The router rewrites an entry when the page is left, with the state of the map.
    const hasMark = (state) =>
        Boolean(
            state?.territoryStep || state?.nextState?.globalState?.territoryMap?.panel
        );
    const isMarked = () => hasMark(history.state);
    const mark = () =>
        history.pushState({...history.state, territoryStep: true}, "", location.href);

    function onPopState(ev) {
        if (hasMark(ev.state)) {
            return; // an entry above ours was left, somebody else's
        }
        ev.stopImmediatePropagation();
        onBack();
        if (isOpen()) {
            mark();
        }
    }

    function unmark() {
        const swallow = (ev) => ev.stopImmediatePropagation();
        browser.addEventListener("popstate", swallow, {...CAPTURE, once: true});
        history.back();
    }

    onWillUnmount(() => {
        alive = false;
    });
    useEffect(
        (open) => {
            if (!open) {
                return;
            }
            if (!isMarked()) {
                mark();
            }
            browser.addEventListener("popstate", onPopState, CAPTURE);
            return () => {
                browser.removeEventListener("popstate", onPopState, CAPTURE);
                // On the way to another page the entry stays: it is that page's way back.
                if (alive && isMarked()) {
                    unmark();
                }
            };
        },
        () => [isOpen()]
    );
}

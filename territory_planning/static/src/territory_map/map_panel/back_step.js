import {onWillUnmount, useEffect} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";

/**
 * While something is open, the browser's Back button (or a phone's gesture) undoes a
 * step instead of leaving the page.
 *
 * It works with one entry of the browser's history that has the same address as the
 * page's. Odoo's router hears of going back from it, too, and would load the page's
 * action anew: `skipLoad` is its own way of being told not to, once.
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
    const mark = () => {
        if (!hasMark(history.state)) {
            history.pushState(
                {...history.state, territoryStep: true},
                "",
                location.href
            );
        }
        router.skipLoad = true;
    };

    function onPopState(ev) {
        if (!hasMark(ev.state)) {
            onBack();
        } // else an entry above ours was left, somebody else's
        if (isOpen()) {
            mark();
        }
    }

    useEffect(
        (open) => {
            if (!open) {
                return;
            }
            mark();
            browser.addEventListener("popstate", onPopState);
            return () => {
                browser.removeEventListener("popstate", onPopState);
                // On the way to another page the entry stays: it is that page's way back.
                const mustLeave = alive && hasMark(history.state);
                router.skipLoad = mustLeave;
                if (mustLeave) {
                    history.back();
                }
            };
        },
        () => [isOpen()]
    );
    // Owl calls these last one first: before the effect above is cleaned up.
    onWillUnmount(() => {
        alive = false;
    });
}

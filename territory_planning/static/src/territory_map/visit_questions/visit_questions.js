import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {getCurrency} from "@web/core/currency";
import {Dialog} from "@web/core/dialog/dialog";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formatFloat} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";
import {AccountFacts} from "../account_card/account_facts";
import {ResponseCurve} from "../response_curve/response_curve";
import {Answers, inAskedMoney, NOW, readDraft} from "./answers";

const MODEL = "territory.account";
const {DateTime} = luxon;
/** How long a hand must rest before the server is asked. */
const REST = 250;
/** Where the slider of the open-ended question ends at first; more can be typed. */
const USUAL_MOST = 300;

/**
 * The five questions of decision calculus about one account, in its own numbers, beside
 * the curve they shape. What has been answered is kept on the device until it is saved.
 */
export class VisitQuestions extends Component {
    static template = "territory_planning.VisitQuestions";
    static components = {Dialog, ResponseCurve};
    static props = {
        accountId: Number,
        close: Function,
        onSaved: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.notification = useService("notification");
        this.keepPreview = new KeepLast();
        this.alive = true;
        this.state = useState({
            status: "loading", // loading, error, ready
            error: "",
            curve: null,
            preview: null,
            previewError: "",
            pending: false, // the picture's curve lags behind the answers
            answers: null,
            note: "",
            restored: false,
            saving: false,
            saveError: "",
        });
        this.askPreview = useDebounced(() => this.loadPreview(), REST);
        onWillStart(() => {
            this.load();
        });
        onWillUnmount(() => {
            this.alive = false;
        });
    }

    // ------------------------------------------------------------------ loading
    async load() {
        this.state.status = "loading";
        try {
            const curve = await this.orm.silent.call(MODEL, "get_territory_curve", [
                [this.props.accountId],
            ]);
            if (this.alive) {
                this.begin(curve);
            }
        } catch (error) {
            if (this.alive) {
                this.state.status = "error";
                this.state.error =
                    error.data?.message || _t("The questions cannot be read.");
            }
        }
    }

    begin(curve) {
        this.state.curve = curve;
        this.state.status = "ready";
        const {questions} = curve;
        if (questions.obstacle) {
            return;
        }
        const {start, highest, mine} = questions;
        const answers = new Answers(start, highest, mine && mine.answers);
        this.state.note = mine ? mine.note : "";
        const draft = readDraft(browser.localStorage.getItem(this.draftKey), highest);
        if (draft) {
            answers.shares = draft.shares;
            answers.said = draft.said;
            this.state.note = draft.note;
            this.state.restored = true;
        }
        this.state.answers = answers;
        if (mine || draft) {
            this.loadPreview();
        }
    }

    get draftKey() {
        return `territory_planning.answers.${user.userId}.${this.props.accountId}`;
    }

    keepDraft() {
        const {shares, said} = this.state.answers;
        const draft = {shares, said, note: this.state.note};
        try {
            browser.localStorage.setItem(this.draftKey, JSON.stringify(draft));
        } catch {
            // a full or closed store: the answers are still on the screen
        }
    }

    // ------------------------------------------------------------------ numbers
    get questions() {
        return this.state.curve?.questions || {};
    }

    get title() {
        const name = this.state.curve?.name;
        return name ? _t("What do visits do at %s?", name) : _t("What do visits do?");
    }

    get formatMoney() {
        const facts = new AccountFacts({currency_id: this.state.curve.currency_id});
        return (amount) => facts.money(amount);
    }

    get currency() {
        return getCurrency(this.state.curve.currency_id)?.symbol || "";
    }

    get today() {
        const {revenue_now: revenue, rhythms} = this.questions;
        return _t("Today: %(rhythm)s, and they buy about %(revenue)s a month.", {
            rhythm: rhythms[NOW],
            revenue: this.formatMoney(Math.round(revenue)),
        });
    }

    get rows() {
        const {answers} = this.state;
        const {rhythms, revenue_now: revenue} = this.questions;
        const labels = [
            [_t("If nobody went any more"), ""],
            [_t("With half the visits"), rhythms[1]],
            [_t("As now"), rhythms[NOW]],
            [_t("With half as many again"), rhythms[3]],
            [_t("With as many as could make sense"), _t("the most they could buy")],
        ];
        return labels.map(([label, rhythm], i) => {
            const share = answers.shares[i];
            const [least, most] = answers.range(i);
            return {
                i,
                label,
                rhythm,
                share,
                money: Math.round((share / 100) * revenue),
                said: answers.said[i],
                fixed: i === NOW,
                least,
                most,
                // a slider of a phone has 300 pixels: it cannot reach all that may be typed
                slideMost: Math.min(most, Math.max(USUAL_MOST, share)),
                text: this.shareText(share, revenue),
                shareLabel: _t("%(question)s, in percent", {question: label}),
                moneyLabel: _t("%(question)s, in %(currency)s", {
                    question: label,
                    currency: this.currency,
                }),
                lessLabel: _t("Less: %s", label),
                moreLabel: _t("More: %s", label),
                shown: formatFloat(share, {
                    digits: [16, Number.isInteger(share) ? 0 : 1],
                }),
            };
        });
    }

    shareText(share, revenue) {
        return _t("%(share)s %, %(money)s a month", {
            share,
            money: this.formatMoney(Math.round((share / 100) * revenue)),
        });
    }

    get draft() {
        const {visits_now: visits, revenue_now: revenue} = this.questions;
        return this.state.answers.points(visits, revenue);
    }

    get draftMost() {
        return this.state.answers.most(this.questions.revenue_now);
    }

    get shownCurve() {
        const curve = this.state.preview || this.state.curve;
        return inAskedMoney(curve, this.questions.revenue_now);
    }

    /** Said where a plan goes by another level than what was bought. */
    get planLevel() {
        const {today} = this.state.curve;
        const bought = this.questions.revenue_now;
        return today && Math.abs(today.sales - bought) > 0.02 * bought
            ? _t(
                  "The plan takes the luck of single months out and goes by %s a month today; what visits change in percent is the same.",
                  this.formatMoney(Math.round(today.sales))
              )
            : "";
    }

    /** On a phone the questions need the room. */
    get pictureHeight() {
        return this.ui.isSmall ? 150 : undefined;
    }

    get left() {
        const {missing} = this.state.answers;
        return missing === 1 ? _t("1 answer to go") : _t("%s answers to go", missing);
    }

    get givenBefore() {
        const {mine} = this.questions;
        return mine
            ? _t(
                  "Your answers of %s; a new answer takes their place.",
                  this.day(mine.date)
              )
            : "";
    }

    day(date) {
        return deserializeDateTime(date).toLocaleString(DateTime.DATE_MED);
    }

    // ------------------------------------------------------------------ answers
    say(i, share) {
        this.state.answers.say(i, share);
        this.state.saveError = "";
        this.keepDraft();
        this.state.pending = true;
        this.askPreview();
    }

    /** A slider that is touched and left where it is has been answered, too. */
    confirm(i) {
        this.say(i, this.state.answers.shares[i]);
    }

    onSliderKey(ev, i) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm(i);
        }
    }

    onMoney(i, text) {
        this.say(i, (100 * readNumber(text)) / this.questions.revenue_now);
        this.render();
    }

    onShare(i, text) {
        this.say(i, readNumber(text));
        this.render();
    }

    onNote(text) {
        this.state.note = text;
        this.keepDraft();
    }

    // ------------------------------------------------------------------- server
    async loadPreview() {
        const {shares} = this.state.answers;
        try {
            const preview = await this.keepPreview.add(
                this.orm.silent.call(MODEL, "preview_territory_answers", [
                    [this.props.accountId],
                    [...shares],
                ])
            );
            if (this.alive) {
                this.state.preview = preview;
                this.state.previewError = "";
                this.state.pending = false;
            }
        } catch (error) {
            if (this.alive) {
                this.state.pending = false;
                this.state.preview = null; // of other answers than those on the screen
                this.state.previewError =
                    error.data?.message ||
                    _t("Without a connection the curve does not follow your answers.");
            }
        }
    }

    async save() {
        const {answers, note} = this.state;
        if (!answers.complete || this.state.saving) {
            return;
        }
        this.state.saving = true;
        this.state.saveError = "";
        try {
            const curve = await this.orm.silent.call(MODEL, "save_territory_answers", [
                [this.props.accountId],
                [...answers.shares],
                note,
            ]);
            this.saved(curve);
        } catch (error) {
            this.state.saveError = this.saveErrorText(error);
        }
        this.state.saving = false;
    }

    saved(curve) {
        browser.localStorage.removeItem(this.draftKey);
        this.notification.add(
            _t(
                "Saved. The curve shows it now; the plan takes it at its next computation."
            ),
            {type: "success"}
        );
        this.props.onSaved?.(curve);
        this.props.close();
    }

    saveErrorText(error) {
        if (error.data?.message) {
            return _t("Not saved: %s", error.data.message);
        }
        return error instanceof ConnectionLostError
            ? _t(
                  "Not saved: there is no connection. Your answers are kept on this device; try again later."
              )
            : _t("Not saved. Your answers are kept on this device; try again.");
    }

    discard() {
        browser.localStorage.removeItem(this.draftKey);
        this.props.close();
    }
}

/** A number as the user's language writes it; what is none becomes NaN. */
function readNumber(text) {
    try {
        return parseFloat(text);
    } catch {
        return NaN;
    }
}

/** Open the questions about an account, from wherever it is shown. */
export function openVisitQuestions(dialog, {accountId, onSaved}) {
    return dialog.add(VisitQuestions, {accountId, onSaved});
}

registry.category("territory_dialogs").add("visit_questions", openVisitQuestions);

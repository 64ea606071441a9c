/**
 * The five answers about an account while they are being given: what may be said, and what
 * has been said already. Pure; percentages of today's sales, from none to endless visits.
 */

export const NOW = 2;
/** Answers that differ by less are no difference anybody could mean. */
const APART = 1;
const QUESTIONS = 5;

export class Answers {
    /**
     * @param {number[]} start where the sliders stand at first
     * @param {number} highest the most that may be said
     * @param {number[]|null} given answers given before, which count as said
     */
    constructor(start, highest, given = null) {
        this.highest = highest;
        this.shares = [...(given || start)];
        this.said = this.shares.map((_share, i) => Boolean(given) || i === NOW);
    }

    get missing() {
        return this.said.filter((said) => !said).length;
    }

    get complete() {
        return this.missing === 0;
    }

    /** The range of one question that leaves room for those below and above it. */
    range(i) {
        return i < NOW
            ? [i * APART, 100 - (NOW - i) * APART]
            : [100 + (i - NOW) * APART, this.highest - (QUESTIONS - 1 - i) * APART];
    }

    /**
     * Give an answer. More visits never sell less: whatever is in the way is pushed
     * along, and what is pushed has been said as little as before.
     */
    say(i, share) {
        if (i === NOW || !Number.isFinite(share)) {
            return;
        }
        const [least, most] = this.range(i);
        this.shares[i] = Math.min(Math.max(round(share), least), most);
        this.said[i] = true;
        for (let j = i + 1; j < QUESTIONS && j !== NOW; j++) {
            this.shares[j] = Math.max(this.shares[j], this.shares[j - 1] + APART);
        }
        for (let j = i - 1; j >= 0 && j !== NOW; j--) {
            this.shares[j] = Math.min(this.shares[j], this.shares[j + 1] - APART);
        }
    }

    /** The four that have a place on the axis of visits, and the level without end. */
    points(visits, revenue) {
        return [0, 0.5, 1, 1.5].map((share, i) => [
            share * visits,
            (this.shares[i] / 100) * revenue,
        ]);
    }

    most(revenue) {
        return (this.shares[QUESTIONS - 1] / 100) * revenue;
    }
}

/**
 * The curve in the money the questions are asked in. A plan takes the luck of single months
 * out of what was bought; a rep compares with what was bought. Visits do the same to both.
 */
export function inAskedMoney(curve, revenue) {
    if (curve.status !== "curve" || !(curve.today.sales > 0)) {
        return curve;
    }
    const unit = revenue / curve.today.sales;
    const row = (sales) => sales && sales.map((amount) => amount * unit);
    const place = (point) => point && {...point, sales: point.sales * unit};
    return {
        ...curve,
        mean: row(curve.mean),
        low: row(curve.low),
        high: row(curve.high),
        ...(curve.before && {before: row(curve.before)}),
        ...(curve.answered && {answered: row(curve.answered)}),
        today: place(curve.today),
        optimal: place(curve.optimal),
        judged: curve.judged.map((one) => ({
            ...one,
            points: one.points.map(([effort, sales]) => [effort, sales * unit]),
            most: one.most * unit,
        })),
    };
}

/** Only the five numbers of a stored draft that could be meant, or nothing. */
export function readDraft(text, highest) {
    try {
        const {shares, said, note} = JSON.parse(text);
        const fine =
            shares.length === QUESTIONS &&
            said.length === QUESTIONS &&
            shares[NOW] === 100 &&
            shares.every(
                (share, i) =>
                    Number.isFinite(share) &&
                    share >= 0 &&
                    share <= highest &&
                    (!i || share > shares[i - 1])
            );
        return fine
            ? {shares, said: said.map(Boolean), note: String(note || "")}
            : null;
    } catch {
        return null;
    }
}

function round(share) {
    return Math.round(share * 10) / 10;
}

import {_t} from "@web/core/l10n/translation";
import {Coloring} from "../coloring";
import {isRegionChoice} from "../region_tools/region_coloring";

const HEATS = {"heat:count": "count", "heat:value": "value"};
/** What records can be grouped by and a map coloured. */
const GROUP_TYPES = ["many2one", "selection", "boolean"];

/** What the colours of the accounts mean: one thing at a time, chosen by the user. */
export const withColors = (Base) =>
    class extends Base {
        /**
         * To group by something means, on a map, to colour by it: a search, or a favourite
         * of it, that says so chooses the colours.
         */
        followGroupBy(groupBy) {
            const name = groupBy[0]?.split(":")[0] || null;
            const before = this.groupField;
            this.groupField = name;
            if (!name || (name === before && this.points)) {
                return;
            }
            if (!this.isColorChoice(name)) {
                const field = this.fields[name];
                if (!GROUP_TYPES.includes(field?.type)) {
                    this.notice = _t(
                        "The map cannot be coloured by “%s”. The list and the pivot can group by it.",
                        field?.string || name
                    );
                    return;
                }
                this.extraColor = name;
            }
            this.colorField = name;
            this.highlight = null;
        }

        setColorField(name) {
            this.colorField = name;
            this.highlight = null;
            this.recolor();
            this.notify();
        }

        recolor() {
            if (!this.points) {
                return;
            }
            const {regionColoring} = this.parts;
            if (regionColoring?.figure) {
                this.coloring = new Coloring(this.points, null);
                this.coloring.slots[0].color = regionColoring.accountColor;
                return;
            }
            const field = this.heat ? null : this.colorField;
            if (this.parts.figures?.has(field)) {
                // Until it is here, what is seen stays as it is.
                this.coloring =
                    this.parts.figures.coloring(field) ||
                    (this.coloring?.points === this.points && this.coloring) ||
                    new Coloring(this.points, null);
                return;
            }
            if (!this.keptColors.has(field)) {
                this.keptColors.set(field, new Map());
            }
            this.coloring = new Coloring(
                this.points,
                field,
                this.keptColors.get(field)
            );
        }

        /** What the heat is summed from, "count" or "value"; null if there is no heat. */
        get heat() {
            return HEATS[this.colorField] || null;
        }

        /** The fields whose categories come with the points. */
        get colors() {
            const {colors} = this.archInfo;
            return this.extraColor ? [...colors, this.extraColor] : colors;
        }

        isColorChoice(name) {
            const {colors} = this;
            const {figures, value} = this.archInfo;
            return (
                colors.includes(name) ||
                figures.includes(name) ||
                name === "heat:count" ||
                isRegionChoice(this.resModel, name) ||
                (name === "heat:value" && Boolean(value))
            );
        }

        setSized(sized) {
            this.sized = sized;
            this.notify();
        }

        toggleHighlight(key) {
            this.highlight = this.highlight === key ? null : key;
            this.notify();
        }

        /** What the colours may mean: groups of choices. */
        get colorChoices() {
            const {colors} = this;
            const {figures, value} = this.archInfo;
            const choice = (name) => ({name, label: this.fields[name].string});
            const heat = [{name: "heat:count", label: _t("Heat: how many")}];
            if (value) {
                heat.push({
                    name: "heat:value",
                    label: _t("Heat: %s", this.fields[value].string),
                });
            }
            return [
                {label: _t("Groups"), choices: colors.map(choice)},
                {label: _t("Figures"), choices: figures.map(choice)},
                {
                    label: _t("Regions"),
                    choices: this.parts.regionColoring?.choices || [],
                },
                {label: _t("Density"), choices: heat},
            ].filter(({choices}) => choices.length);
        }
    };

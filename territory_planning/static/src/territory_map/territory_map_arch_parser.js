import {evaluateExpr} from "@web/core/py_js/py";

const REQUIRED = ["latitude", "longitude"];
const FIGURES = ["float", "integer", "monetary", "date", "datetime"];
const FIELDS = [...REQUIRED, "value", "owner"];

/**
 * What a `<territory_map>` says: in which fields the places are, what markers are
 * coloured by, what is added up, whose a record is, which values say that its place is
 * in doubt, and which method has its card.
 */
export class TerritoryMapArchParser {
    /**
     * @param {Element} arch
     * @param {Object} relatedModels
     * @param {string} resModel
     */
    parse(arch, relatedModels, resModel) {
        const {fields} = relatedModels[resModel];
        const known = (name) => {
            if (!(name in fields)) {
                throw new Error(
                    `The map of ${resModel} names a field "${name}" it has not`
                );
            }
            return name;
        };
        const info = {card: arch.getAttribute("card") || null, colors: []};
        info.doubt = evaluateExpr(arch.getAttribute("doubt") || "{}");
        Object.keys(info.doubt).forEach(known);
        for (const name of FIELDS) {
            const field = arch.getAttribute(name);
            info[name] = field ? known(field) : null;
        }
        for (const name of REQUIRED) {
            if (!info[name]) {
                throw new Error(`The map of ${resModel} does not say its ${name}`);
            }
        }
        const first = arch.getAttribute("color");
        const others = [...arch.querySelectorAll(":scope > field")].map((node) =>
            node.getAttribute("name")
        );
        const choices = [...new Set([first, ...others].filter((name) => name))].map(
            known
        );
        const isFigure = (name) => FIGURES.includes(fields[name].type);
        info.colors = choices.filter((name) => !isFigure(name));
        info.figures = choices.filter(isFigure);
        info.figureOptions = Object.fromEntries(
            info.figures.map((name) => [name, figureOptions(arch, name)])
        );
        // A share is stored as .3 and read as 30 %.
        info.percentages = [
            ...arch.querySelectorAll(":scope > field[widget=percentage]"),
        ].map((node) => node.getAttribute("name"));
        return info;
    }
}

/** `middle`: a number that means something; `none`: one that stands for none. */
function figureOptions(arch, name) {
    const node = [...arch.querySelectorAll(":scope > field[options]")].find(
        (field) => field.getAttribute("name") === name
    );
    return node ? evaluateExpr(node.getAttribute("options")) : {};
}

const REQUIRED = ["latitude", "longitude"];
const FIELDS = [...REQUIRED, "value", "owner"];

/**
 * What a `<territory_map>` says: in which fields the places are, what markers are
 * coloured by, what is added up, whose a record is, and which method has its card.
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
        info.colors = [...new Set([first, ...others].filter((name) => name))].map(
            known
        );
        return info;
    }
}

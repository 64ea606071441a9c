import {registry} from "@web/core/registry";
import {whiteAreas} from "./white_classes";

/** White space as squares, and leads that are no account yet as buttons. */
export class OpportunitiesLayer {
    constructor({engine, renderer}) {
        this.engine = engine;
        this.squares = engine.addAreas("heat");
        this.leads = engine.addElements({
            className: "o_territory_lead_anchor",
            onClick: ({lead}) => renderer.props.openRecord(lead.id, "crm.lead"),
        });
        this.cells = null;
        this.rows = null;
    }

    update({parts}) {
        const part = parts.opportunities;
        const open = Boolean(part?.isOpen);
        const white = (open && part.painted && part.white) || null;
        const cells = white?.cells || null;
        if (cells !== this.cells) {
            this.cells = cells;
            this.squares.set(cells ? whiteAreas(cells, white.space.cell_km) : []);
        }
        const rows = (open && part.found?.rows) || null;
        if (rows !== this.rows) {
            this.rows = rows;
            const leads = (rows || []).filter(({kind}) => kind === "lead");
            this.leads.set(leads.map((lead) => this.buttonOf(lead)));
        }
    }

    buttonOf(lead) {
        return {
            key: lead.id,
            place: [lead.lon, lead.lat],
            version: `${lead.name}|${lead.lon}|${lead.lat}`,
            lead,
            build: () => {
                const button = document.createElement("button");
                button.type = "button";
                button.className = "o_territory_lead btn btn-light";
                button.setAttribute("aria-label", lead.name);
                button.title = lead.name;
                const icon = document.createElement("i");
                icon.className = "fa fa-lightbulb-o";
                button.append(icon);
                return button;
            },
        };
    }

    destroy() {
        this.squares.remove();
        this.leads.remove();
    }
}

registry
    .category("territory_map_layers")
    .add("opportunities", (context) => new OpportunitiesLayer(context), {
        sequence: 8,
    });

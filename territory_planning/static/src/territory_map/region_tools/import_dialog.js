import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {getDataURLFromFile} from "@web/core/utils/urls";

const MAX_BYTES = 20_000_000;
const SHOWN = 50;

/** A file of areas: look into it, choose the names, import. */
export class ImportDialog extends Component {
    static template = "territory_planning.ImportDialog";
    static components = {Dialog};
    static props = {preview: Function, confirm: Function, close: Function};

    setup() {
        this.state = useState({
            filename: "",
            found: null,
            error: "",
            nameFrom: "",
            replace: true,
            busy: false,
        });
        this.data = "";
    }

    async choose(ev) {
        const [file] = ev.target.files;
        if (!file) {
            return;
        }
        Object.assign(this.state, {filename: file.name, found: null, error: ""});
        if (file.size > MAX_BYTES) {
            this.state.error = _t(
                "The file is larger than 20 MB. Simplify the areas first, for example with mapshaper.org."
            );
            return;
        }
        this.state.busy = true;
        try {
            this.data = (await getDataURLFromFile(file)).split(",")[1] || "";
            this.state.found = await this.props.preview(file.name, this.data);
            this.state.nameFrom = "";
        } catch (error) {
            this.state.error = error.data?.message || _t("The file cannot be read.");
        } finally {
            this.state.busy = false;
        }
    }

    get shown() {
        return this.state.found.areas.slice(0, SHOWN);
    }

    get more() {
        return this.state.found.areas.length - SHOWN;
    }

    get repaired() {
        return this.state.found.areas.filter(({repaired}) => repaired).length;
    }

    nameOf(area) {
        return area.properties[this.state.nameFrom] || area.name;
    }

    async save() {
        const {filename, nameFrom, replace} = this.state;
        this.state.busy = true;
        this.state.error = "";
        try {
            await this.props.confirm(filename, this.data, nameFrom, replace);
            this.props.close();
        } catch (error) {
            this.state.error =
                error.data?.message || _t("The file cannot be imported.");
        } finally {
            this.state.busy = false;
        }
    }
}

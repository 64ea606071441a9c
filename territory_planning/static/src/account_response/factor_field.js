import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {FloatField, floatField} from "@web/views/fields/float/float_field";

/** An allocation factor; where nobody was visited there is nothing to divide by. */
export class FactorField extends FloatField {
    get formattedValue() {
        const {record, name} = this.props;
        return record.data[name] || record.data.visits_today > 0
            ? super.formattedValue
            : _t("not visited");
    }
}

registry.category("fields").add("territory_factor", {
    ...floatField,
    component: FactorField,
    fieldDependencies: [{name: "visits_today", type: "float"}],
});

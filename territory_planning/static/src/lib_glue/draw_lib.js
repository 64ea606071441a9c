// @odoo-module ignore
// Last file of the bundle: one name of our own for what draws, adapter included.
window.territoryDraw = {
    ...window.terraDraw,
    TerraDrawLeafletAdapter: window.terraDrawLeafletAdapter.TerraDrawLeafletAdapter,
};

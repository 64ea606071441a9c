// @odoo-module ignore
// Last file of the bundle: Leaflet gets a name of our own, and whoever else has a
// Leaflet on the page keeps theirs.
window.territoryLeaflet = window.L.noConflict();

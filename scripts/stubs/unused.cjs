// Stands in the bundle for packages that a library loads and that nothing here calls.
module.exports = {};

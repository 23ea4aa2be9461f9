// Modules are named by their place in the package, so that the build is the same in every folder.
module.exports = { optimization: { moduleIds: 'named' } };

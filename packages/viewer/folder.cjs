// Neither import.meta nor __dirname is there in both builds; a CommonJS file beside them knows where it is.
exports.packageFolder = __dirname

// SPDX-License-Identifier: GPL-2.0
// For node: compiled code, WebAssembly and memory to collect.
const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0,
	7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11];

function sum(n) {
	let total = 0;
	for (let i = 0; i < n; i++)
		total += i % 7;
	return total;
}

let total = 0;
for (let i = 0; i < 300; i++)
	total += sum(10000);
for (let i = 0; i < 200; i++)
	new Array(10000).fill(i);
const wasm = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
console.log('worked:', wasm.exports.add(total, 1));

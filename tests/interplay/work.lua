-- SPDX-License-Identifier: GPL-2.0
-- For luajit: traces to compile, and a call out through its FFI.
local ffi = require("ffi")
ffi.cdef("int abs(int);")
local total = 0
for i = 1, 3000000 do
	total = total + i % 7
end
print("compiled: " .. tostring(jit.status()), "worked: " .. total + ffi.C.abs(-1))

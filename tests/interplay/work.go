// SPDX-License-Identifier: GPL-2.0

// Makes the runtime reserve, use and give back memory, with threads and signals.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

func sum(n int) int {
	table := make([]int, n)
	total := 0
	for i := range table {
		table[i] = i
	}
	for _, v := range table {
		total += v
	}
	return total
}

func main() {
	var group sync.WaitGroup
	var lock sync.Mutex
	total := 0
	for i := 0; i < 20; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			s := sum(100000)
			lock.Lock()
			total += s
			lock.Unlock()
		}()
	}
	group.Wait()
	runtime.GC()
	debug.FreeOSMemory()
	fmt.Println("worked:", total)
}

/** The same work in other libraries; each benchmark runs in a process of its own. */
package dev.graft.bench.peer;

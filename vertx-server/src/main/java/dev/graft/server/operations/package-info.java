/** What those who run a server need: metrics, a log of calls, encrypted connections. */
package dev.graft.server.operations;

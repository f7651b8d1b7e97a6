/**
 * What takes how long. Every figure is a ratio to another way of doing the same work, measured in
 * the same run; {@code bench/run} prints them.
 */
package dev.graft.bench;

/**
 * Turns a folder of reference values into tests: one test a file, a ledger of what was checked, and
 * the comparison that names the worst value.
 */
package dev.graft.testkit.golden;

/**
 * Contract tests: what every plugin of a kind promises. A plugin's author inherits the one for the
 * kind, says which plugin it is, and has the tests.
 */
package dev.graft.testkit.contract;

/**
 * What a test of Graft or of a plugin stands on: folders of real data, and later contract tests.
 */
package dev.graft.testkit;

/** A hub of models on this machine, for tests of whatever fetches models. */
package dev.graft.testkit.hub;

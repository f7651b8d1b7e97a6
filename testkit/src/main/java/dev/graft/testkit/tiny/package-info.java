/**
 * The smallest set-up in which everything can be tried: networks, data and preprocessing that take
 * milliseconds. Registered under the ids {@code tiny}, {@code tiny-…}, for tests only.
 */
package dev.graft.testkit.tiny;

/** The engine against reference values of the libraries whose formulas it follows. */
package dev.graft.testkit.reference;

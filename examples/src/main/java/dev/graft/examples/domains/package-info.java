/** Digits as they are and digits in front of flowers: a model moves to a domain without labels. */
package dev.graft.examples.domains;

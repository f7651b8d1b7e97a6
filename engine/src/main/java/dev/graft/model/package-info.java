/**
 * A model: a network with named parameters, ordered groups from input to output, and taps. Groups
 * are the unit of freezing, of rate decay, of feature taps and of the frozen prefix.
 */
package dev.graft.model;

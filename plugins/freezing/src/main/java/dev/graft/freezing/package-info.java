/**
 * Methods that decide what trains, when and at which rate: probes, fine-tuning, gradual unfreezing,
 * decayed rates, and the from-scratch baseline they are measured against.
 */
package dev.graft.freezing;

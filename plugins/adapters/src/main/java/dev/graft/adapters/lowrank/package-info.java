/** Adapters that add a matrix with few degrees of freedom to a weight: LoRA and its relatives. */
package dev.graft.adapters.lowrank;

/** Methods that compare how student and teacher relate the examples of a batch to each other. */
package dev.graft.distillation.relations;

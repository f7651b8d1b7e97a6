/** Methods that compare what student and teacher say about the classes. */
package dev.graft.distillation.logits;

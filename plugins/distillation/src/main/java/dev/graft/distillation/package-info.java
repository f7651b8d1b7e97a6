/** Learning from a teacher: what all methods of distillation share, and the taps they listen to. */
package dev.graft.distillation;

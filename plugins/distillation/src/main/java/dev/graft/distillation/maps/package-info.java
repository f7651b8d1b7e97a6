/** Methods that compare feature maps inside student and teacher. */
package dev.graft.distillation.maps;

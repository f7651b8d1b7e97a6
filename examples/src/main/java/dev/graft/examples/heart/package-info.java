/**
 * A table network is pretrained on the patients of one hospital and adapted to three others, where
 * some columns were never measured, from 20 or 50 labelled patients each.
 */
package dev.graft.examples.heart;

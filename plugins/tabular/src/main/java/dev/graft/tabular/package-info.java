/**
 * Tables: a source that reads CSV files, the preprocessing that is bound to a table network, and
 * the network. Columns go by name; missing values stay missing until the preprocessing feeds them.
 */
package dev.graft.tabular;

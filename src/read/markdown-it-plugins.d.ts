declare module 'markdown-it-footnote' {
  const footnotes: (parser: unknown) => void;
  export default footnotes;
}

declare module 'markdown-it-task-lists' {
  const taskLists: (parser: unknown) => void;
  export default taskLists;
}

async def story():
    writers = [await Writer.create(name=f"writer {number}") for number in range(4)]
    for writer in writers:
        for part in range(5):
            await Novel.create(title=f"part {part}", writer=writer)
        for novel in await writer.novels:
            novel.title
        async for novel in writer.novels.filter(title__contains="2"):
            novel.title
    for writer in await Writer.all().order_by("name"):
        await writer.fetch_related("novels")
        len(writer.novels)
        await writer.novels.all().count()
    for novel in await Novel.filter(title="part 1").select_related("writer"):
        novel.writer.name
    for novel in await Novel.all().order_by("id").limit(4):
        await novel.writer
    whole = await Writer.all().prefetch_related("novels").get(id=writers[0].id)
    [novel.title for novel in whole.novels]
    await Novel.filter(writer__name="writer 2").update(title="again")
    await Novel.filter(title="again").exists()
    for writer in writers:
        await Novel.filter(writer=writer).delete()
        await writer.delete()
